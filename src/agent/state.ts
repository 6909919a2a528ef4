import type { EndedChild, FromAgent, RunningChild } from './protocol.ts';

/** What an agent has said up to now: a level, so that who looks late has missed nothing. */
export interface AgentState {
  readonly running: RunningChild | null;
  readonly ended: EndedChild | null;
  /** Whether `running` was running before it was told to; it is told with `started`. */
  readonly adopted: boolean;
  readonly ready: string | null;
  readonly checked: string | null;
  readonly refused: Extract<FromAgent, { type: 'refused' }> | null;
  readonly blocked: string | null;
  /** How often it has said that nothing is left. */
  readonly idles: number;
  /** Those that it has ended since it was connected, as a dead supervisor's. */
  readonly orphans: readonly number[];
}

/** Nothing yet. */
export const nothing: AgentState = {
  running: null,
  ended: null,
  adopted: false,
  ready: null,
  checked: null,
  refused: null,
  blocked: null,
  idles: 0,
  orphans: [],
};

/** What changes something of it. */
type News = Exclude<FromAgent, { type: 'hello' | 'busy' | 'fault' }>;

/** The state after a message. */
export function after(state: AgentState, message: News): AgentState {
  switch (message.type) {
    case 'ready':
      return { ...state, ready: message.id };
    case 'checked':
      return { ...state, checked: message.id };
    case 'started':
      return { ...state, running: message.running, adopted: message.adopted, blocked: null };
    case 'seen':
      return state.running?.id === message.id
        ? { ...state, running: { ...state.running, seen: [...state.running.seen, message.text] } }
        : state;
    case 'blocked':
      return { ...state, blocked: message.words };
    case 'orphans':
      return { ...state, orphans: [...state.orphans, ...message.pids] };
    case 'ended':
      return { ...state, running: null, ended: message.ended };
    case 'refused':
      return { ...state, refused: message, running: null };
    case 'idle':
      return { ...state, running: null, blocked: null, idles: state.idles + 1 };
  }
}
