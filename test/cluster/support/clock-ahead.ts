/** Loaded into a node before everything else: its clock is an hour ahead, in all of its threads. */
const HOUR_MS = 3_600_000;
const RightDate = Date;

globalThis.Date = new Proxy(RightDate, {
  construct: (_, args: [], target) =>
    Reflect.construct(RightDate, args.length > 0 ? args : [Date.now()], target),
  get: (date, name, target) =>
    name === 'now' ? () => RightDate.now() + HOUR_MS : Reflect.get(date, name, target),
});
