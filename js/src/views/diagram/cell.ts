/** What the drawing of a cell is made of: data, so that one painter draws them all. */

/** Numbers by name: a quantity, its parts, or what the cell makes on the way; undefined until they are here. */
export type Values = Record<string, number | undefined>;

export type Point = readonly [x: number, y: number];

/** Drawings are this wide. They are laid out as a forward layer reads; a backward layer's is mirrored. */
export const WIDTH = 272;
/** Of a gate's box. */
export const BOX = [42, 36] as const;
/** Of the circle round an operator. */
export const RADIUS = 8;

export interface Wire {
  way: Point[];
  /** Its weight follows how much of the gate called so passes. */
  gate?: string;
  /** A state's way through the cell, in stronger ink than what steers it. */
  state?: boolean;
  arrow?: boolean;
}

/** An operator in its circle, or the name of a function. */
export interface Mark {
  at: Point;
  text: string;
}

/** A number beside its wire. */
export interface Label {
  at: Point;
  anchor: "start" | "middle" | "end";
  value: string;
  /** The quantity whose reveal reveals it. */
  of: string;
}

/** A name and no number. */
export interface Word {
  at: Point;
  anchor: Label["anchor"];
  text: string;
}

export interface Drawing {
  height: number;
  wires: Wire[];
  /** Where a wire divides. */
  dots: Point[];
  marks: Mark[];
  labels: Label[];
  words: Word[];
  /** Buttons round their middle. */
  gates: [quantity: string, at: Point][];
  /** Buttons that end at a point: what leaves the cell. */
  states: [quantity: string, at: Point][];
}

/** A number of an equation, with what stands before it and below it. */
export interface Term {
  before: string;
  value: string;
  /** Where its name in the catalogue is not enough. */
  under?: string;
}

export interface Equation {
  terms: Term[];
  /** After the last number. */
  close: string;
}

export interface Cell {
  name: string;
  drawing: Drawing;
  equations: Record<string, Equation>;
  /** The gate that multiplies the state: what it keeps fades with a half-life. */
  keeper: string | null;
  /** What the cell makes on the way to its states. */
  between(values: Values): Values;
}

/** An activation as its mark has room for it; equations write it out. */
export function shortly(activation: string): string {
  return activation.length > 8 ? "act" : activation;
}

/** How wide a mark is. */
export function widthOf(text: string): number {
  return text.length > 1 ? 6.2 * text.length + 8 : 2 * RADIUS;
}

/** Undefined where one of them is. */
export function times(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a * b;
}

/** `activation(input + recurrent + bias)`. */
export function sum(quantity: string, activation: string): Equation {
  return {
    terms: [
      { before: `${activation}(`, value: `${quantity} input`, under: "input" },
      { before: "+", value: `${quantity} recurrent`, under: "recurrent" },
      { before: "+", value: `${quantity} bias`, under: "bias" },
    ],
    close: ")",
  };
}

/** The rails of what every gate reads, h_prev over x, and the way from them up into the gates at `xs`. */
export function feeds(xs: number[], foot: number, h: number, x: number): Wire[] {
  return xs.flatMap(
    (at) =>
      [
        {
          way: [
            [at - 5, x],
            [at - 5, foot],
          ],
          arrow: true,
        },
        {
          way: [
            [at + 5, h],
            [at + 5, foot],
          ],
          arrow: true,
        },
      ] as Wire[],
  );
}
