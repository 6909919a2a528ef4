/** The beginning of what a server answers, so many bytes at most: one that sends without an end fills no memory. */
export async function bodyHead(body: AsyncIterable<Buffer>, cap: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > cap) break;
  }
  return Buffer.concat(chunks).subarray(0, cap).toString('utf8');
}
