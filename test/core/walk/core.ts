/** The modules under test. A parameter, so that a mutated copy of them can be walked as well. */
export interface Core {
  readonly transition: typeof import('../../../src/core/transition.ts').transition;
  readonly tasks: typeof import('../../../src/core/tasks.ts');
  readonly questions: typeof import('../../../src/core/questions.ts');
  readonly born: typeof import('../../../src/core/born.ts');
  readonly deployment: typeof import('../../../src/core/deployment.ts');
}

/** Loads the core from a folder that holds its source files. */
export async function loadCore(folder: URL): Promise<Core> {
  const [{ transition }, tasks, questions, born, deployment] = await Promise.all([
    import(new URL('transition.ts', folder).href),
    import(new URL('tasks.ts', folder).href),
    import(new URL('questions.ts', folder).href),
    import(new URL('born.ts', folder).href),
    import(new URL('deployment.ts', folder).href),
  ]);
  return { transition, tasks, questions, born, deployment };
}
