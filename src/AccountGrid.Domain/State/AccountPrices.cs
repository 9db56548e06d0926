using AccountGrid.Domain.Rating;

namespace AccountGrid.Domain.State;

/// <summary>By which prices of series an account is charged.</summary>
public static class AccountPrices
{
    extension(AccountState account)
    {
        /// <summary>The publication up to which prices count for the account, for whoever reads states: 0 outside of a partition.</summary>
        public int PricesThroughOrZero => account.PricedThrough ?? account.Prices?.Through ?? 0;

        /// <summary>The publication up to which prices count for the account.</summary>
        internal int PricesThrough =>
            account.PricedThrough ?? (account.Prices ?? throw new InvariantBrokenException($"Account {account.Number} is rated without its prices.")).Through;

        /// <summary>What a rate of a day's plan costs, by the prices that count for the account.</summary>
        internal Price PriceOf(Tariff tariff, int day, int rate) =>
            tariff.IsDynamic ? tariff.PriceOf(day, rate, account.PricesThrough) : tariff.PriceOf(rate);
    }
}
