import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { carried, ownCommand } from '../src/own-program.ts';

test('where the program is files, its words name Node and the file that it starts with, and it carries nothing', () => {
  const [node, main = '', ...more] = ownCommand();
  expect({ node, more }).toEqual({ node: process.execPath, more: [] });
  expect(main).toMatch(/\/cli\/main\.ts$/);
  expect(existsSync(main)).toBe(true);
  expect(carried('package.json')).toBeNull();
});
