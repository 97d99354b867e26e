"""What of SVG is taken over: names of elements, attributes, properties and functions (SVG 2).

Not among them: scripts and handlers, `foreignObject` (its words are kept), animation, `metadata`,
`title` and `desc` (never seen of an image), fonts, cursors, `feImage`, and whatever else leads out
of the drawing.
"""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


ELEMENTS = _names("""
    svg g defs symbol use switch a style image path rect circle ellipse line polyline polygon
    text tspan textPath linearGradient radialGradient stop clipPath mask pattern marker filter
    feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting
    feDisplacementMap feDistantLight feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset fePointLight feSpecularLighting
    feSpotLight feTile feTurbulence
""")
# Elements whose text is shown.
TEXTUAL = _names("text tspan textPath")
PROPERTIES = _names("""
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation
    color-interpolation-filters direction display dominant-baseline enable-background fill
    fill-opacity fill-rule filter flood-color flood-opacity font font-family font-size
    font-size-adjust font-stretch font-style font-variant font-weight image-rendering isolation
    kerning letter-spacing lighting-color line-height marker marker-end marker-mid marker-start
    mask mask-type mix-blend-mode opacity overflow paint-order shape-rendering stop-color
    stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration
    text-rendering transform transform-box transform-origin unicode-bidi vector-effect
    visibility white-space word-spacing writing-mode
""")
ATTRIBUTES = PROPERTIES | _names("""
    amplitude azimuth baseFrequency bias class clipPathUnits cx cy d diffuseConstant divisor dx
    dy edgeMode elevation exponent filterUnits fr fx fy gradientTransform gradientUnits height
    id in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength lengthAdjust limitingConeAngle
    markerHeight markerUnits markerWidth maskContentUnits maskUnits method mode numOctaves
    offset operator order orient pathLength patternContentUnits patternTransform patternUnits
    points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r
    radius refX refY result rotate rx ry scale seed side slope spacing specularConstant
    specularExponent spreadMethod startOffset stdDeviation stitchTiles surfaceScale
    systemLanguage tableValues targetX targetY textLength type values version viewBox width x x1
    x2 xChannelSelector y y1 y2 yChannelSelector z {http://www.w3.org/XML/1998/namespace}space
""")
FUNCTIONS = _names("""
    url rgb rgba hsl hsla matrix translate translatex translatey scale scalex scaley rotate
    skewx skewy calc blur brightness contrast drop-shadow grayscale hue-rotate invert opacity
    saturate sepia circle ellipse inset polygon rect
""")
