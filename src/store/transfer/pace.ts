import type { Limits } from './limits.ts';
import { Refusal } from './refusal.ts';

/** Ends a transfer that is too slow to be honest: undici's time-outs begin anew with every byte that drips in. */
export interface Pace {
  /** Aborted, with a `Refusal`, once the transfer is too slow or has taken too long. */
  readonly signal: AbortSignal;
  /** A request goes out: the head of its answer is waited for. */
  asking(): void;
  /** The head of the answer is here: from now on bytes are expected. */
  flowing(): void;
  moved(bytes: number): void;
  end(): void;
}

export function keepPace(limits: Limits): Pace {
  const controller = new AbortController();
  const refuse = (sentence: string) => controller.abort(new Refusal(sentence));
  const deadline = setTimeout(() => refuse(`it took longer than ${seconds(limits.deadline)}`), limits.deadline);
  let head: NodeJS.Timeout | undefined;
  let window: NodeJS.Timeout | undefined;
  let inWindow = 0;
  const look = () => {
    if (inWindow < (limits.minSpeed * limits.window) / 1_000)
      refuse(`it sent ${inWindow} bytes in ${seconds(limits.window)}`);
    inWindow = 0;
  };
  const rest = () => {
    clearTimeout(head);
    clearInterval(window);
  };
  return {
    signal: controller.signal,
    asking() {
      rest();
      head = setTimeout(() => refuse(`it did not answer within ${seconds(limits.headers)}`), limits.headers);
    },
    flowing() {
      rest();
      inWindow = 0;
      window = setInterval(look, limits.window);
    },
    moved(bytes) {
      inWindow += bytes;
    },
    end() {
      clearTimeout(deadline);
      rest();
    },
  };
}

const seconds = (time: number): string => `${time / 1_000} s`;
