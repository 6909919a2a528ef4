/** What a person is told, in the order of how soon he should look. */
export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/**
 * What goes on until it is over, by its severity: one condition has one, so that an alert keeps its labels (docs/messages.md). The first eight mean that nothing
 * healthy serves, or that somebody else does.
 */
export const conditions = {
  copy: 'critical',
  redeem: 'critical',
  down: 'critical',
  failing: 'critical',
  environment: 'critical',
  restore: 'critical',
  release: 'warning',
  unhealthy: 'warning',
  exits: 'warning',
  fetch: 'warning',
  stranger: 'warning',
  orphan: 'warning',
  source: 'warning',
  argsFile: 'warning',
} as const satisfies Readonly<Record<string, Severity>>;
export type Condition = keyof typeof conditions;

/** Whom it is about; `null`: vaultvisor itself. */
export interface Subject {
  readonly network: string;
  readonly client: string;
}

/** One message, as receivers get it in the form `json`: an API; keys are added, never changed or removed. Times are ISO 8601, UTC. */
export interface Message {
  readonly schema: 1;
  /** One for each message, whoever gets it and however often it is tried. */
  readonly id: string;
  readonly at: string;
  /** `told` has no end: it happened. */
  readonly state: 'firing' | 'resolved' | 'told';
  readonly severity: Severity;
  /** What goes on, or is over. `null`: it happened. */
  readonly condition: Condition | null;
  /** The same for all messages of one condition of one client. */
  readonly key: string | null;
  /** Since when it goes on. */
  readonly since: string | null;
  /** Until when whoever hears no more of it should take it for true. */
  readonly until: string | null;
  /** The event of the history, or the level that it came from. */
  readonly event: string;
  readonly host: string;
  readonly network: string | null;
  readonly client: string | null;
  readonly summary: string;
  readonly reason: string | null;
  /** A command that shows more. */
  readonly next: string | null;
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export const placeWords = ({ network, client }: Pick<Message, 'network' | 'client'>): string =>
  network === null ? 'vaultvisor' : `${network}/${client}`;

/** The first line of a message: `CRITICAL kintsugi/vault: nothing serves`. */
export function headline(message: Message): string {
  const lead = message.state === 'resolved' ? 'RESOLVED' : message.severity.toUpperCase();
  return `${lead} ${placeWords(message)}: ${message.summary}`;
}
