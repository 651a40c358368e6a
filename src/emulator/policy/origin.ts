/** Where a value was written: line and column count from 1. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A value and the place that gave it, after the files of a chain were merged. */
export interface Sourced<Value> extends Origin {
  readonly value: Value;
}
