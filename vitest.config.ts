import { defineConfig } from 'vitest/config';

// Forks, not threads: tests hold locks, change signals and end processes, which are properties of a process.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-once.ts'],
    pool: 'forks',
    // many tests wait more than they reckon; CI has two cores
    maxWorkers: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**'], reporter: ['text-summary'] },
  },
});
