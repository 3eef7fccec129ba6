// @ts-nocheck For tools that cannot write `type="module"`: an ordinary script, whose own address says where the module is.
import(new URL('iam-playground.js', document.currentScript.src));
