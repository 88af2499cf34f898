import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { expect, test } from '@jest/globals';
import { ConfigError, configWarnings, loadConfig } from '../src/config.js';
import { variables } from '../src/config/variables.js';

const example = readFileSync('.env.example', 'utf8');
const noFiles = (): string => {
  throw new Error('no file is named in the example');
};
const required = {
  DISCORD_TOKEN: 'token',
  DISCORD_GUILD_ID: '100000000000000001',
  DISCORD_ADMIN_ROLE_IDS: '100000000000000002',
  DISCORD_ADMIN_CHANNEL_ID: '100000000000000003',
  JELLYFIN_URL: 'http://127.0.0.1:8096',
  JELLYFIN_API_KEY: 'key',
};

test('the example names every setting there is, and no other', () => {
  const everything = parse(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  expect(Object.keys(everything).sort()).toEqual(Object.keys(variables([]).entries).sort());
  expect(configWarnings(everything)).toEqual([]);
});

test('copied as it is, it asks for the required ones and nothing else', () => {
  const missing = () => loadConfig(parse(example), noFiles);
  expect(missing).toThrow(ConfigError);
  expect(missing).toThrow(/^6 settings need a change/);
});

test('its commented values are the defaults, and good examples where there is none', () => {
  const everything = parse(example.replaceAll(/^#(?=[A-Z_]+=)/gm, ''));
  const config = loadConfig({ ...everything, ...required }, noFiles);
  const { jellyfin, ...defaults } = loadConfig({ ...parse(example), ...required }, noFiles);
  expect(config).toMatchObject(defaults);
  expect(config.jellyfin).toMatchObject({ url: jellyfin.url, stopCommand: ['sudo', 'systemctl', 'stop', 'jellyfin'] });
});
