/** A descriptor of ours as a child's: any open one will do, but execa's types know only those from 3 to 9 by their number. */
export const inherited = (descriptor: number): 3 => descriptor as 3;
