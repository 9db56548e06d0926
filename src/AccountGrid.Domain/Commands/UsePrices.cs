namespace AccountGrid.Domain.Commands;

/// <summary>From here on the partition counts prices of series up to a publication. Doubled ones, and earlier ones that come later, do no harm.</summary>
/// <param name="Through">Number of the publication.</param>
/// <param name="FromDay">First local day that it has a price of, as a day number.</param>
public sealed record UsePrices(int Through, int FromDay) : GridCommand;
