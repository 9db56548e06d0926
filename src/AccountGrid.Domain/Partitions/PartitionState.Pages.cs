using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>Pages as they are stored: written whole when something on them changed, and loaded without being unpacked.</summary>
public sealed partial class PartitionState
{
    /// <summary>Pages changed since the last time this was asked, in their stored form, by number: whoever writes them locks them in one order.</summary>
    public List<StoredPage> TakeDirtyPages()
    {
        _dirtyPages.Sort((a, b) => a.Number.CompareTo(b.Number));
        var stored = new List<StoredPage>(_dirtyPages.Count);
        var writer = new StateWriter();
        foreach (var page in _dirtyPages)
        {
            page.Dirty = false;
            page.Trim();
            stored.Add(Store(page, writer));
        }

        _dirtyPages.Clear();
        return stored;
    }

    /// <summary>Puts a stored page in place. Throws <see cref="FormatException"/> for a form that this build does not know, or that is damaged.</summary>
    public void Load(int number, ReadOnlySpan<byte> states)
    {
        var page = PageOf(number * AccountPage.Size);
        var reader = new PageReader(states);
        while (reader.MoveNext())
        {
            var state = reader.Current;
            var place = (number * AccountPage.Size) + page.Count;
            ref var row = ref page.Rows[page.Count++];
            _lastPlace = Math.Max(_lastPlace, place);
            if (PackedCodec.IsPacked(state))
            {
                row = PackedCodec.Decode(state, out var behind);
                row.At = reader.Offset - behind.Length;
                _places.Set(row.Account, place);
                if (row.Meter != 0)
                {
                    _meterPlaces.Set(row.Meter, place);
                }

                continue;
            }

            var account = StateCodec.DecodeAccount(state, tariffs);
            account.Place = place;
            account.Prices = Prices;
            row.Account = account.Number;
            _places.Set(account.Number, place);
            _unpacked.Add(account.Number, account);
            account.Meters.ForEach(Load);
            WantPacked(account);
        }

        page.Adopt(states);
    }

    /// <summary>The accounts of a stored page, unpacked, for whoever reads states without folding.</summary>
    /// <param name="pricesThrough">Up to which publication prices of series count in the partition.</param>
    public static List<AccountState> Unpack(ReadOnlySpan<byte> states, Func<int, Tariff> tariffs, int pricesThrough = 0)
    {
        var (accounts, prices) = (new List<AccountState>(), new PriceClock { Through = pricesThrough });
        foreach (var state in new PageReader(states))
        {
            accounts.Add(
                PackedCodec.IsPacked(state)
                    ? RowPacking.Unpack(PackedCodec.Decode(state, out var behind), behind, tariffs)
                    : StateCodec.DecodeAccount(state, tariffs));
            accounts[^1].Prices = prices;
        }

        return accounts;
    }

    /// <summary>
    /// A state of its own that has one account with its meters, as they stand: for a look at what a change would lead to. Null if there is none.
    /// </summary>
    public PartitionState? CopyOf(int account)
    {
        if (PeekAccount(account) is not { } state)
        {
            return null;
        }

        var writer = new StateWriter();
        writer.Bytes(StateCodec.Encode(state));
        var copy = new PartitionState(Partition, tariffs, packs: false) { Position = Position, NowMs = NowMs };
        copy.Prices.Through = Prices.Through;
        copy.Load(0, writer.ToArray());
        foreach (var (key, row) in ClosedDays.Where(d => state.Meters.Exists(m => m.Number == d.Key.Meter)))
        {
            copy.ClosedDays[key] = row;
        }

        return copy;
    }

    private StoredPage Store(AccountPage page, StateWriter writer)
    {
        var accounts = new int[page.Count];
        var balances = new long[page.Count];
        writer.Clear();
        for (var i = 0; i < page.Count; i++)
        {
            ref var row = ref page.Rows[i];
            accounts[i] = row.Account;
            if (row.IsPacked)
            {
                balances[i] = row.Balance.Nano;
                PackedCodec.Encode(writer, row, page.BytesOf(row));
            }
            else
            {
                var account = _unpacked[row.Account];
                balances[i] = account.Balance.Nano;
                writer.Bytes(StateCodec.Encode(account));
            }
        }

        return new StoredPage(page.Number, accounts, balances, writer.ToArray());
    }

    /// <summary>States of a page one behind the other, each behind its length.</summary>
    private ref struct PageReader(ReadOnlySpan<byte> bytes)
    {
        private StateReader _reader = new(bytes);

        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Where <see cref="Current"/> ends in the page.</summary>
        public readonly int Offset => _reader.Offset;

        public readonly PageReader GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_reader.AtEnd)
            {
                return false;
            }

            Current = _reader.Bytes();
            return true;
        }
    }
}
