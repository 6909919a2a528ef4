import { afterAll, describe, it } from 'vitest';
import { ofPersons } from './walk/scenarios/of-persons.ts';
import { ofTrouble } from './walk/scenarios/of-trouble.ts';
import { expectLawful } from './walk/told.ts';

describe('every order of trouble, and of what a person does', () => {
  const total = { states: 0, transitions: 0 };
  afterAll(() => console.log(`walked ${total.states} states, ${total.transitions} transitions`));

  it.each([...ofTrouble, ...ofPersons])('$name', (scenario) => {
    const { states, transitions } = expectLawful(scenario);
    total.states += states;
    total.transitions += transitions;
  });
});
