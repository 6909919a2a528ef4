/** Tarjan's algorithm without recursion: for each state the number of its strongly connected component. */
export function loops(out: readonly (readonly number[])[]): Int32Array {
  const n = out.length;
  const component = new Int32Array(n).fill(-1);
  const found = new Int32Array(n);
  const low = new Int32Array(n);
  const at = new Int32Array(n);
  const open: number[] = [];
  let count = 0;
  let components = 0;

  function visit(root: number): void {
    const path = [begin(root)];
    for (let v = path.at(-1); v !== undefined; v = path.at(-1)) {
      const to = out[v]?.[at[v]!++];
      if (to === undefined) leave(v, path);
      else if (found[to] === 0) path.push(begin(to));
      else if (component[to] === -1) low[v] = Math.min(low[v]!, found[to]!);
    }
  }

  function begin(v: number): number {
    found[v] = low[v] = ++count;
    open.push(v);
    return v;
  }

  function leave(v: number, path: number[]): void {
    path.pop();
    const above = path.at(-1);
    if (above !== undefined) low[above] = Math.min(low[above]!, low[v]!);
    if (low[v] !== found[v]) return;
    let w: number;
    do {
      w = open.pop()!;
      component[w] = components;
    } while (w !== v);
    components += 1;
  }

  for (let root = 0; root < n; root += 1) if (found[root] === 0) visit(root);
  return component;
}
