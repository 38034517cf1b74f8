import type { Bus } from '../../server/core/bus.ts';

type Hearing = (body: unknown, node: string) => void;

/** Nodes in one process, which hear each other at once. */
export class MemoryNet {
  readonly #nodes: Map<string, Hearing[]>[] = [];

  /** The bus of another node. */
  join(): Bus {
    const node = `node ${this.#nodes.length}`;
    const own = new Map<string, Hearing[]>();
    this.#nodes.push(own);
    return {
      node,
      tell: (topic, body) => {
        const text = JSON.stringify(body);
        for (const other of this.#nodes) {
          if (other === own) continue;
          for (const onTold of other.get(topic) ?? []) onTold(JSON.parse(text), node);
        }
      },
      hear: (topic, onTold) => void own.set(topic, [...(own.get(topic) ?? []), onTold]),
    };
  }
}
