using System.Diagnostics.CodeAnalysis;

namespace AccountGrid.Domain;

/// <summary>An invariant of the fold is broken: the unit stops and the message says everything needed to find out why.</summary>
public sealed class InvariantBrokenException(string message) : Exception(message);

public static class Invariant
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            throw new InvariantBrokenException(what);
        }
    }
}

/// <summary>A business refusal: a stable code, and a sentence that names the field, the value and what would be right.</summary>
public sealed record Refusal(string Code, string Detail);
