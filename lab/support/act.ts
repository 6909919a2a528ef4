import { request } from 'node:http';
import { join } from 'node:path';

/** Asks the daemon for a person's act (`{ act: 'hold', for: null }`), as the commands do. Whether it says that it was done. */
export function act(home: string, place: string, asked: object): Promise<boolean> {
  const [network, client] = place.split('/');
  return new Promise((resolve) => {
    const how = { socketPath: join(home, 'control.sock'), path: '/v1/act', method: 'POST', timeout: 10_000 };
    const asking = request(how, (response) => {
      response.resume();
      response.once('error', () => resolve(false));
      response.once('end', () => resolve(response.statusCode === 200));
    });
    asking.once('timeout', () => asking.destroy());
    asking.once('error', () => resolve(false));
    asking.end(JSON.stringify({ network, client, act: asked }));
  });
}
