/** Why a server's answer is not taken; one sentence, put into an error by whoever asked. */
export class Refusal extends Error {
  override name = 'Refusal';
}

/** The server cannot go on from where we stopped: from zero it may still serve the whole. */
export class RangeRefusal extends Refusal {
  override name = 'RangeRefusal';
}
