import { readFileSync } from 'node:fs';

/** What the committed pictures show, as it was written down when they were taken. */
export const pictured = JSON.parse(readFileSync('docs/pictures/contents.json', 'utf8')) as Record<string, string[]>;
