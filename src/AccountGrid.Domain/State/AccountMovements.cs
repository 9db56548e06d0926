namespace AccountGrid.Domain.State;

/// <summary>What of an account's payments and adjustments can be taken back.</summary>
internal static class AccountMovements
{
    extension(AccountState account)
    {
        /// <summary>Keeps what can be taken back, and forgets what no longer can.</summary>
        public void Remember(MoneyMovement movement)
        {
            account.Movements.RemoveAll(m => m.Day < movement.Day - Limits.ReversibleDays);
            if (account.Movements.Count >= Limits.MovementsMax)
            {
                account.Movements.RemoveAt(0);
            }

            account.Movements.Add(movement);
        }

        public void TakeBack(long position, Money amount)
        {
            var index = account.Movements.FindIndex(m => m.Position == position);
            account.Movements[index] = account.Movements[index] with { TakenBack = account.Movements[index].TakenBack + amount };
        }
    }
}
