export { reciprocalRankFusion, type Fused, type RankedList } from "./recall/fusion.js";
