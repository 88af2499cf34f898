#!/usr/bin/env node
import { latchkey } from './cli/latchkey.js';

// The bot is a program of its own, which owns the signals and says how it ended.
const code = await latchkey(process, () => import('./index.js'));
if (code !== 0) process.exitCode = code;
