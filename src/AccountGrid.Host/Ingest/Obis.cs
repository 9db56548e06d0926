using AccountGrid.Domain;

namespace AccountGrid.Host.Ingest;

/// <summary>
/// OBIS codes (IEC 62056-61): <c>C.D.E</c> alone, within <c>A-B:C.D.E*F</c> (<c>*F</c> may be absent), or as six dotted numbers. Of group A only 1
/// (electricity) is taken, of B only 0 and 1, of F only 255 (the live register) or none.
/// </summary>
public static class Obis
{
    private const int LengthMax = 24;
    private const int Electricity = 1;
    private const int Live = 255;

    public static ObisProblem TryParse(ReadOnlySpan<char> text, out RegisterKind register)
    {
        register = default;
        Span<int> groups = [Electricity, 0, -1, -1, -1, Live];
        if (text.Length > LengthMax || !(TryDotted(text, groups) || TryWritten(text, groups)))
        {
            return ObisProblem.Unknown;
        }

        var (c, d, e) = (groups[2], groups[3], groups[4]);
        return groups[0] != Electricity ? ObisProblem.OtherMedium
            : d != 8 || groups[1] > 1 || !(c is 1 or 2 or 3 && e is >= 0 and <= 4) || (c == 3 && e != 0) ? ObisProblem.Unknown
            : groups[5] != Live ? ObisProblem.History
            : c == 2 && e != 0 ? ObisProblem.NotCharged
            : Taken(c == 2 ? RegisterKind.Export : c == 3 ? RegisterKind.Reactive : (RegisterKind)e, out register);
    }

    /// <summary>What is wrong with a code and what would be right, to follow "obis: '…' ".</summary>
    public static string Explain(ObisProblem problem) => problem switch
    {
        ObisProblem.OtherMedium => "is not of electricity, whose codes begin with 1-; gas, heat and water are not metered here.",
        ObisProblem.History => "is a register of a past billing period; only the live one is taken, 1.8.0 without *, or *255.",
        ObisProblem.NotCharged => "is a rate register of export; only the total, 2.8.0, is kept. Send 2.8.0.",
        _ => "is not 1.8.0 (import), 1.8.1 to 1.8.4 (import by rate), 2.8.0 (export) or 3.8.0 (reactive), alone or within a full code such as 1-0:1.8.0*255.",
    };

    private static ObisProblem Taken(RegisterKind kind, out RegisterKind register)
    {
        register = kind;
        return ObisProblem.None;
    }

    private static bool TryDotted(ReadOnlySpan<char> text, Span<int> groups)
    {
        Span<int> read = stackalloc int[6];
        for (var i = 0; i < read.Length; i++)
        {
            if (!TryNumber(ref text, out read[i]) || (i < read.Length - 1 && !Skip(ref text, '.')))
            {
                return false;
            }
        }

        read.CopyTo(groups);
        return text.IsEmpty;
    }

    private static bool TryWritten(ReadOnlySpan<char> text, Span<int> groups)
    {
        if (text.Contains(':') && !(TryNumber(ref text, out groups[0]) && Skip(ref text, '-') && TryNumber(ref text, out groups[1]) && Skip(ref text, ':')))
        {
            return false;
        }

        return TryNumber(ref text, out groups[2]) && Skip(ref text, '.') && TryNumber(ref text, out groups[3]) && Skip(ref text, '.')
            && TryNumber(ref text, out groups[4])
            && (text.IsEmpty || (Skip(ref text, '*') && TryNumber(ref text, out groups[5]) && text.IsEmpty));
    }

    private static bool Skip(ref ReadOnlySpan<char> text, char separator)
    {
        if (text.IsEmpty || text[0] != separator)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        var i = 0;
        for (; i < text.Length && i < 3 && char.IsAsciiDigit(text[i]); i++)
        {
            number = (number * 10) + (text[i] - '0');
        }

        text = text[i..];
        return i > 0 && number <= byte.MaxValue;
    }
}
