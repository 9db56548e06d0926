namespace AccountGrid.Domain;

/// <summary>OBIS codes of registers as tariffs, answers and bills write them: the C.D.E part, such as 1.8.2.</summary>
public static class RegisterCodes
{
    /// <summary>Most rate registers of a meter: 1.8.1 to 1.8.4.</summary>
    public const int RatesMax = 4;

    /// <summary>What is right for the code of a rate register, for people.</summary>
    public const string RateRight = "1.8.1, 1.8.2, 1.8.3 or 1.8.4";

    public static string Of(RegisterKind register) => register switch
    {
        RegisterKind.Export => "2.8.0",
        RegisterKind.Reactive => "3.8.0",
        _ => $"1.8.{(int)register}",
    };

    /// <summary>Whether a register counts imported active energy: the total, or a rate's.</summary>
    public static bool IsImport(RegisterKind register) => register is >= RegisterKind.Import and <= RegisterKind.ImportRate4;

    public static bool IsRate(RegisterKind register) => register is >= RegisterKind.ImportRate1 and <= RegisterKind.ImportRate4;

    /// <summary>The rate register that a code names; null for any other code.</summary>
    public static RegisterKind? RateOf(string? code)
    {
        for (var register = RegisterKind.ImportRate1; register <= RegisterKind.ImportRate4; register++)
        {
            if (Of(register) == code)
            {
                return register;
            }
        }

        return null;
    }

    /// <summary>A meter's rate register by its place, from 0.</summary>
    public static RegisterKind RateAt(int index) => (RegisterKind)((int)RegisterKind.ImportRate1 + index);
}
