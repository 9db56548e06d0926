namespace AccountGrid.Contracts;

/// <summary>What an account's past days are rated by. Days are local day numbers.</summary>
[GenerateSerializer, Immutable]
[Alias("AccountGrid.RatingView")]
public sealed record RatingView
{
    [Id(0)] public required int Account { get; init; }

    [Id(1)] public required int OpenedDay { get; init; }

    /// <summary>Last day that has a standing charge; null while the account is open.</summary>
    [Id(2)] public int? LastDay { get; init; }

    /// <summary>Persons of the household now; 0 is not known.</summary>
    [Id(3)] public required byte HouseholdSize { get; init; }

    [Id(4)] public required bool IsProtectedHousehold { get; init; }

    /// <summary>Versions by first day, rising, up to today's.</summary>
    [Id(5)] public required TariffDays[] Tariffs { get; init; }

    /// <summary>Number of the version that the one asked about takes the place of for the account; 0 where it does not change its price.</summary>
    [Id(6)] public int Replaced { get; init; }

    /// <summary>Days of notice of a price by the account's policy pack; 0 where it has none.</summary>
    [Id(7)] public int NoticeDays { get; init; }

    /// <summary>Local day on which a message leaves that is decided now: quiet hours may hold it until the next.</summary>
    [Id(8)] public int LeavesDay { get; init; }
}
