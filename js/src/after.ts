/**
 * Does something once the next frame is painted; give what calls it off. What the kernel is told or asked keeps a
 * processor busy, in the page and in the kernel, and must not hold up what is seen.
 */
export function afterPaint(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}
