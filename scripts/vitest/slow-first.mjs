import { BaseSequencer } from 'vitest/node';

/** The folders and files whose tests start programs of their own, which takes them longer than their size shows. */
const startsPrograms = /[\\/]tests[\\/](cli|demo|kill|playground|process|repair|rescue|scripts|server|setup)\b/;

/**
 * Tests that start programs come first, so that none of them is begun last; of these, and of the others, the one that took
 * longest in the last run is first, or the biggest where there was none, as in a fresh clone.
 */
export default class SlowFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    const isFirst = ({ moduleId }) => startsPrograms.test(moduleId);
    return [...sorted.filter(isFirst), ...sorted.filter((file) => !isFirst(file))];
  }
}
