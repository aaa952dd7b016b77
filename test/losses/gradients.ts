// tfjs-core registers gradients only in its whole package; its base lets their tensors have methods.
import '@tensorflow/tfjs-core/dist/base_side_effects.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
