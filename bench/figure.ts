import type { Scene } from './scene.ts';

/** Milliseconds, or millions of bytes. */
export type Unit = 'ms' | 'MB';

/** One thing that was measured so many times. */
export interface Series {
  readonly what: string;
  readonly unit: Unit;
  readonly values: readonly number[];
}

/** What issue and design ask for, and what came out: a ratio, or a difference in the unit of the series. */
export interface Goal {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: Unit | '×';
}

export interface Measured {
  /** Ours, then what it is compared with, of the same run; further series only explain. */
  readonly series: readonly Series[];
  readonly goals: readonly Goal[];
  /** What a reader must know to judge the figures. */
  readonly notes: readonly string[];
}

export interface Figure {
  readonly name: string;
  readonly title: string;
  /** @throws Error where it cannot be measured on this machine, in words */
  measure(scene: Scene): Promise<Measured>;
}
