/** What an experiment is asked for. */
export interface Options {
  /** `short`: the form in the test suite. */
  readonly size: 'full' | 'short';
  readonly seed: number;
  /** How often; `null`: as often as the size asks for. */
  readonly rounds: number | null;
  /** How many may go on at once. */
  readonly workers: number;
  /** The program under test: a copy of dist/cli/main.js, or build/cli/main.js with a deliberate defect. */
  readonly program: string;
  /** Scratch, removed afterwards. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** What is under way, for a person who waits. */
  say(line: string): void;
}

/** One thing that was counted or measured; `goal`: what it should be, and whether it is. */
export interface Figure {
  readonly what: string;
  readonly value: number | string;
  readonly goal?: { readonly words: string; readonly met: boolean };
}

export interface Result {
  readonly figures: readonly Figure[];
  /** Where the promise was broken, in words that name the seed and the moment. None: it held. */
  readonly violations: readonly string[];
  /** What this machine could not do, and why. */
  readonly left?: readonly string[];
}

/** A change of the program that breaks the promise; the experiment must find that out, or it proves nothing. */
export interface Defect {
  /** What is broken, in words. */
  readonly words: string;
  readonly patches: readonly Patch[];
  /** Rounds that suffice to catch it. */
  readonly rounds?: number;
  /** The form that catches it; the short one by default. */
  readonly size?: Options['size'];
}

/** Replaces a text that occurs once in a file of build/. */
export interface Patch {
  /** Below build/: `process/start/spawn.js`. */
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** A promise, and how it is put to the proof. */
export interface Experiment {
  readonly name: string;
  /** What must hold, in one sentence. */
  readonly promise: string;
  readonly defects: Readonly<Record<string, Defect>>;
  /** Why this machine cannot run it at all; `null`: it can. */
  obstacle(size: Options['size']): Promise<string | null>;
  run(options: Options): Promise<Result>;
}
