namespace AccountGrid.Domain.Rating;

/// <summary>Units of contracted capacity as text.</summary>
public static class CapacityUnits
{
    /// <summary><c>kVA</c>, <c>kW</c>, or nothing.</summary>
    public static string Text(CapacityUnit unit) => unit switch { CapacityUnit.Kva => "kVA", CapacityUnit.Kw => "kW", _ => "" };

    /// <summary>The unit that a text names; <see cref="CapacityUnit.Any"/> where it is absent.</summary>
    /// <returns>Null for what is no unit.</returns>
    public static CapacityUnit? Of(string? text) => text switch { null => CapacityUnit.Any, "kVA" => CapacityUnit.Kva, "kW" => CapacityUnit.Kw, _ => null };

    /// <summary>Whether a contract in one unit holds for a charge by another.</summary>
    public static bool Fits(CapacityUnit contract, CapacityUnit charge) => contract == CapacityUnit.Any || contract == charge;
}
