"""The programs that run on the graphics card, or on llvmpipe: GLSL 3.30."""

from __future__ import annotations

#: What every program knows; the layout is that of :class:`scenes.kit.gl.style.Uniforms`.
_SCENE = """#version 330
layout(std140) uniform Scene {
    mat4 clip;     // data to clip space
    mat4 eye;      // data to the eye's axes, z towards the eye
    vec4 light;    // direction to it in the eye's axes; how much comes from everywhere
    vec4 paper;    // what far things fade into; how much
    vec4 rim;      // what silhouettes turn into; how much
    vec4 space;    // 1 / focal distance; nearest and farthest depth; gloss
    vec4 raster;   // clip units per pixel in x and y
};
"""

#: A colour, lit; only what bounds a body has a rim, for a plane seen edge-on is all rim. Every vertex is
#: lit: on meshes this fine, light at every pixel looks no better and costs twice as much.
_LIT = """
vec3 lit(vec3 colour, vec3 normal, float body, vec3 seen) {
    vec3 result = colour;
    if (dot(normal, normal) > 0.25) {
        vec3 n = normalize(mat3(eye) * normal);
        vec3 back = normalize(vec3(-seen.xy * space.x, 1.0 - seen.z * space.x));
        float wrapped = 0.5 + 0.5 * dot(n, light.xyz);
        float facing = clamp(dot(n, back), 0.0, 1.0);
        float shine = max(dot(n, normalize(light.xyz + back)), 0.0);
        shine *= shine; shine *= shine; shine *= shine; shine *= shine; shine *= shine;
        result *= light.w + (1.0 - light.w) * wrapped * wrapped;
        result += space.w * shine;
        float edge = smoothstep(0.45, 1.0, 1.0 - facing);
        result = mix(result, rim.rgb, rim.a * body * edge);
    }
    float away = clamp((space.y - seen.z) / max(space.y - space.z, 1e-6), 0.0, 1.0);
    return mix(clamp(result, 0.0, 1.0), paper.rgb, paper.a * away);
}
vec4 premultiplied(vec3 colour, float alpha) { return vec4(colour * alpha, alpha); }
"""

#: Only what is before one layer, and behind another, is drawn.
_PEEL = """
#ifdef PEEL
uniform sampler2D before;
uniform sampler2D behind;
uniform bvec2 bounded;
void peel() {
    ivec2 at = ivec2(gl_FragCoord.xy);
    if (bounded.x && gl_FragCoord.z >= texelFetch(before, at, 0).r - 1e-7) discard;
    if (bounded.y && gl_FragCoord.z < texelFetch(behind, at, 0).r - 1e-7) discard;
}
#else
void peel() {}
#endif
"""

#: Opaque surfaces are most of the work: three numbers interpolated without perspective are a twelfth less.
OPAQUE_VERTEX = (
    _SCENE
    + _LIT
    + """
uniform float side;
uniform float body;
in vec3 position;
in vec3 normal;
in vec4 colour;
noperspective out vec3 shade;
void main() {
    vec4 place = vec4(position, 1.0);
    gl_Position = clip * place;
    shade = lit(colour.rgb, side * normal, body, (eye * place).xyz);
}
"""
)

OPAQUE_FRAGMENT = """#version 330
noperspective in vec3 shade;
out vec4 result;
void main() { result = vec4(shade, 1.0); }
"""

SURFACE_VERTEX = (
    _SCENE
    + _LIT
    + """
uniform float side;
uniform float body;
uniform float opacity;
uniform float nudge;
in vec3 position;
in vec3 normal;
in vec4 colour;
out vec4 shade;
void main() {
    vec4 place = vec4(position, 1.0);
    gl_Position = clip * place;
    gl_Position.z -= nudge * gl_Position.w;
    shade = premultiplied(lit(colour.rgb, side * normal, body, (eye * place).xyz), colour.a * opacity);
}
"""
)

SURFACE_FRAGMENT = (
    """#version 330
in vec4 shade;
out vec4 result;
"""
    + _PEEL
    + "void main() { peel(); result = shade; }\n"
)

FEATHER_VERTEX = (
    _SCENE
    + _LIT
    + """
in vec3 position;
in vec3 normal;
in vec4 colour;
in vec2 shift;
in vec2 cover;
in float lift;
in float body;
out vec4 shade;
out vec2 ramp;
void main() {
    vec4 place = vec4(position, 1.0);
    vec4 seen = eye * place;
    gl_Position = clip * place;
    vec4 lifted = clip * vec4(position + lift * vec3(eye[0].z, eye[1].z, eye[2].z), 1.0);
    gl_Position.z = lifted.z * gl_Position.w / lifted.w;
    gl_Position.xy += shift * raster.xy * gl_Position.w;
    shade = premultiplied(lit(colour.rgb, normal, body, seen.xyz), colour.a);
    ramp = cover;
}
"""
)

FEATHER_FRAGMENT = (
    """#version 330
in vec4 shade;
in vec2 ramp;
out vec4 result;
"""
    + _PEEL
    + """
void main() {
    peel();
    result = shade * clamp(ramp.y - abs(ramp.x), 0.0, 1.0);
    if (result.a < 0.002) discard;
}
"""
)

POINT_VERTEX = (
    _SCENE
    + _LIT
    + """
in vec3 position;
in vec4 colour;
in float diameter;
out vec4 shade;
flat out float size;
void main() {
    vec4 place = vec4(position, 1.0);
    gl_Position = clip * place;
    float wide = diameter / gl_Position.w;
    size = max(wide, 1.0) + 1.0;
    gl_PointSize = size;
    float faint = min(wide, 1.0);
    vec3 seen = (eye * place).xyz;
    shade = premultiplied(lit(colour.rgb, vec3(0.0), 0.0, seen), colour.a * faint * faint);
}
"""
)

#: ``between`` says which opacities are drawn: the inside of points, or their edges, or both.
POINT_FRAGMENT = (
    """#version 330
uniform vec2 between;
in vec4 shade;
flat in float size;
out vec4 result;
"""
    + _PEEL
    + """
void main() {
    peel();
    result = shade * clamp(size * (0.5 - length(gl_PointCoord - 0.5)), 0.0, 1.0);
    if (result.a < between.x || result.a > between.y) discard;
}
"""
)

#: Puts one picture under another; ``corner`` are those of a triangle that covers everything.
COPY_VERTEX = """#version 330
in vec2 corner;
void main() { gl_Position = vec4(corner, 0.0, 1.0); }
"""

COPY_FRAGMENT = """#version 330
uniform sampler2D layer;
out vec4 result;
void main() { result = texelFetch(layer, ivec2(gl_FragCoord.xy), 0); }
"""


def peeled(source: str) -> str:
    """The variant of a fragment program that draws only what is between two layers."""
    return source.replace("#version 330\n", "#version 330\n#define PEEL\n", 1)
