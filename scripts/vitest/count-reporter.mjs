import { writeFileSync } from 'node:fs';

/** A reporter that leaves the run's counts in the file that TEST_COUNTS_FILE names. */
export default class CountReporter {
  onTestRunEnd(modules, errors) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state) => tests.filter((test) => test.result().state === state).length;
    // A file that could not run has no tests to count, and a test does not know of an error that nobody caught: neither may
    // pass for that, nor may nothing at all.
    const broken = modules.filter((module) => module.errors().length > 0);
    const nothing = modules.length === 0 ? 1 : 0;
    const counts = {
      passed: count('passed'),
      failed: count('failed') + broken.length + errors.length + nothing,
      skipped: count('skipped'),
    };
    writeFileSync(process.env.TEST_COUNTS_FILE, JSON.stringify(counts));
  }
}
