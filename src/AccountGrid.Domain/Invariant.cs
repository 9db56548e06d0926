using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace AccountGrid.Domain;

public static class Invariant
{
    /// <summary>Throws <see cref="InvariantBrokenException"/> unless the condition holds. The text is only put together when it does not.</summary>
    public static void Holds([DoesNotReturnIf(false)] bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref Explanation what)
    {
        if (!condition)
        {
            throw new InvariantBrokenException(what.ToString());
        }
    }

    /// <summary>A sentence that is only written where an invariant is broken.</summary>
    [InterpolatedStringHandler]
    public ref struct Explanation
    {
        private DefaultInterpolatedStringHandler _text;

        public Explanation(int literalLength, int formattedCount, bool condition, out bool isNeeded)
        {
            isNeeded = !condition;
            _text = isNeeded ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, System.Globalization.CultureInfo.InvariantCulture) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public override string ToString() => _text.ToStringAndClear();
    }
}
