import type { Catalogue, Scene } from "../../protocol.ts";
import type { Cell } from "./cell.ts";
import { gru } from "./gru.ts";
import { lstm } from "./lstm.ts";
import { simple } from "./simple.ts";

/** How the scene's layer is drawn; null where nobody has drawn it. */
export function cellOf(scene: Scene, catalogue: Catalogue): Cell | null {
  const layer = catalogue.layers.find(({ name }) => name === scene.layer);
  const activation = String(layer?.activation ?? "act");
  const gate = String(layer?.gate_activation ?? "act");
  switch (scene.quantities.join()) {
    case "input_gate,forget_gate,cell_candidate,output_gate,cell_state,hidden_state":
      return lstm(activation, gate);
    case "update_gate,reset_gate,candidate,hidden_state":
      return gru(activation, gate, layer?.reset_after ?? true);
    case "hidden_state":
      return simple(activation);
    default:
      return null;
  }
}
