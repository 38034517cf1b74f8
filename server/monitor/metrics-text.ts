import type { Histogram } from '../core/counters.ts';

type Labels = Readonly<Record<string, string | number>>;

/** Samples in Prometheus's text format (prometheus.io/docs/instrumenting/exposition_formats). */
export class MetricsText {
  readonly #lines: string[] = [];

  counter(name: string, help: string, value: number): void {
    this.#add(name, 'counter', help, [[{}, value]]);
  }

  counters(name: string, help: string, values: Iterable<readonly [Labels, number]>): void {
    this.#add(name, 'counter', help, values);
  }

  gauge(name: string, help: string, value: number): void {
    this.#add(name, 'gauge', help, [[{}, value]]);
  }

  gauges(name: string, help: string, values: Iterable<readonly [Labels, number]>): void {
    this.#add(name, 'gauge', help, values);
  }

  histogram(name: string, help: string, { bounds, counts, sum }: Histogram): void {
    this.#head(name, 'histogram', help);
    let total = 0;
    for (const [index, count] of counts.entries()) {
      total += count;
      this.#sample(`${name}_bucket`, { le: bounds[index] ?? '+Inf' }, total);
    }
    this.#sample(`${name}_sum`, {}, sum);
    this.#sample(`${name}_count`, {}, total);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #add(
    name: string,
    type: string,
    help: string,
    values: Iterable<readonly [Labels, number]>,
  ): void {
    this.#head(name, type, help);
    for (const [labels, value] of values) this.#sample(name, labels, value);
  }

  #head(name: string, type: string, help: string): void {
    this.#lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`);
  }

  #sample(name: string, labels: Labels, value: number): void {
    const list = Object.entries(labels).map(([label, text]) => `${label}="${escaped(`${text}`)}"`);
    this.#lines.push(`${name}${list.length > 0 ? `{${list.join(',')}}` : ''} ${value}`);
  }
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
