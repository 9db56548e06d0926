using AccountGrid.Domain;
using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Audit;

/// <summary>A float or suspense account, judged by its events alone: no transfer passes the limit, and each commission is the agreed share.</summary>
internal sealed class AuditFloat
{
    private decimal _limit;
    private int _ppm;
    private (long Position, decimal Nano)? _commission;

    /// <param name="ledgerNano">The balance before the event.</param>
    /// <returns>What is wrong with it.</returns>
    public IEnumerable<string> Take(AccountEvent happened, long position, decimal ledgerNano, string? currency)
    {
        if (_commission is { Nano: not 0 } due && due.Position != position)
        {
            yield return $"the commission of {due.Nano} nano for its transfer at {due.Position} is missing";
            _commission = null;
        }

        switch (happened)
        {
            case FloatTermsSet e:
                (_limit, _ppm) = (e.Limit.Nano, e.CommissionPpm);
                break;
            case MoneyTransferred e:
                if (e.Transfer.Amount.Nano > ledgerNano + _limit)
                {
                    yield return $"its transfer of {e.Transfer.Amount.Nano} nano at {position} passes its limit of {_limit}: it had {ledgerNano}";
                }

                // Rounded by decimal arithmetic: the fold has its own.
                var share = Math.Truncate(e.Transfer.Amount.Nano * (decimal)_ppm / 1_000_000m) / Money.NanoPerUnit;
                _commission = (position, Math.Round(share, Currencies.DigitsOf(currency!)!.Value, MidpointRounding.AwayFromZero) * Money.NanoPerUnit);
                break;
            case CommissionEarned { Amount.Nano: > 0 } e:
                if (_commission?.Nano != e.Amount.Nano)
                {
                    yield return $"its commission of {e.Amount.Nano} nano at {position} should be {_commission?.Nano ?? 0}";
                }

                _commission = null;
                break;
        }
    }
}
