// Evaluates each line {key, definition, context} with flagd's own evaluator and answers "reason variant error".
import { createInterface } from 'node:readline';
import { FlagdCore } from '@openfeature/flagd-core';

const silent = { error() {}, warn() {}, info() {}, debug() {} };

for await (const line of createInterface({ input: process.stdin })) {
  const { key, definition, context } = JSON.parse(line);
  const core = new FlagdCore(undefined, silent);
  core.setConfigurations(JSON.stringify({ flags: { [key]: definition } }));
  const { reason, variant, errorCode } = core.resolve('string', key, 'fallback', context, silent);
  process.stdout.write(`${reason} ${variant ?? ''} ${errorCode ?? ''}\n`);
}
