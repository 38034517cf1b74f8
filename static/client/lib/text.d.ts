/** The bundler imports a text as it is. */
declare module '*.txt' {
  const text: string;
  export default text;
}
