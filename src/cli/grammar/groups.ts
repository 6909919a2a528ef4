/** How `help` is ordered: as an operator thinks. A question below a title reads on from it. */
export const groups = {
  start: { title: 'Start: how do I …', begins: 'How do I ' },
  look: { title: 'Look: what is going on?', begins: '' },
  decide: { title: 'Decide: how do I …', begins: 'How do I ' },
  repair: { title: 'Repair: how do I …', begins: 'How do I ' },
  program: { title: 'This program:', begins: '' },
} as const;

export type Group = keyof typeof groups;
