import type { Scope } from './run.ts';

export const resolve = (text: string, _scope: Pick<Scope, 'run' | 'bag'>): string => text;
