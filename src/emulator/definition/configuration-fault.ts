/** One mistake in a configuration. Becomes text only in `ConfigurationError`. */
export interface ConfigurationFault {
  /** `policies[0].session.scope` */
  setting: string;
  /** Continues the name of the setting: `must be true or false`. */
  problem: string;
}

/** Reports every fault at once, one line each. */
export class ConfigurationError extends Error {
  readonly faults: readonly ConfigurationFault[];

  constructor(faults: readonly ConfigurationFault[]) {
    super(faults.map(({ setting, problem }) => `${setting}: ${problem}`).join('\n'));
    this.name = 'ConfigurationError';
    this.faults = faults;
  }
}
