namespace AccountGrid.Host.Rating;

/// <summary>How long before its day a price is announced.</summary>
public interface IPriceNotice
{
    /// <summary>Days of notice that a further version of a product in a currency needs, by the packs that decide on a day; 0 where none is in it.</summary>
    Task<int> DaysAsync(string currency, DateOnly today);
}
