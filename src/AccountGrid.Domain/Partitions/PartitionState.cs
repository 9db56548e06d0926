using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AccountGrid.Domain.Formats;
using AccountGrid.Domain.Rating;
using AccountGrid.Domain.State;

namespace AccountGrid.Domain.Partitions;

/// <summary>
/// All accounts and meters of one partition at one position of its log. A plain account is a packed row; one that is being worked on, or is
/// not plain, is an <see cref="AccountState"/>. Which of the two changes nothing that can be seen.
/// </summary>
/// <param name="packs">False keeps every account unpacked: the same fold without the short way, for comparison.</param>
public sealed partial class PartitionState(int partition, Func<int, Tariff> tariffs, bool packs = true)
{
    /// <summary>Unpacked accounts that there is room for between two batches; what a larger batch needed beyond it goes back.</summary>
    private const int RoomKept = 512;

    private readonly List<AccountPage> _pages = [];
    private readonly List<AccountPage> _dirtyPages = [];
    private readonly NumberMap _places = new();
    private readonly NumberMap _meterPlaces = new();
    private readonly Dictionary<int, AccountState> _unpacked = [];
    private readonly List<AccountState> _toPack = [];
    private List<int> _changed = [];
    private readonly Dictionary<int, MeterState> _meters = [];
    private int _lastPlace = -1;

    public int Partition { get; } = partition;

    /// <summary>Position of the next record to fold: everything before it is in this state.</summary>
    public long Position { get; set; }

    /// <summary>Meters on no account changed since the last state flush.</summary>
    public HashSet<MeterState> DirtyLooseMeters { get; } = [];

    /// <summary>Days closed since the last state flush; later than what the database holds.</summary>
    public Dictionary<DayKey, DayRow> ClosedDays { get; } = [];

    /// <summary>Days opened again since the last state flush: their rows are to go.</summary>
    public HashSet<DayKey> OpenedDays { get; } = [];

    /// <summary>Latest time written in the log, UTC ms: the fold's idea of now.</summary>
    public long NowMs { get; set; }

    /// <summary>Up to which publication prices of series count.</summary>
    public PriceClock Prices { get; } = new();

    /// <summary>Accounts of the partition.</summary>
    public int AccountCount => _lastPlace + 1;

    /// <summary>Accounts that are not packed right now.</summary>
    public int UnpackedCount => _unpacked.Count;

    /// <summary>Numbers of all accounts, in the order in which they were opened.</summary>
    public IEnumerable<int> AccountNumbers => _pages.SelectMany(p => p.Rows.Take(p.Count).Select(r => r.Account));

    /// <summary>The account, unpacked for a change; null if there is none.</summary>
    public AccountState? FindAccount(int number)
    {
        if (_unpacked.TryGetValue(number, out var account))
        {
            return account;
        }

        return _places.TryGetValue(number, out var place) ? Unpack(place) : null;
    }

    /// <summary>The meter by number, the latest time it was in this partition, unpacked for a change; null if there is none.</summary>
    public MeterState? FindMeter(int number)
    {
        if (_meters.TryGetValue(number, out var meter))
        {
            return meter;
        }

        return _meterPlaces.TryGetValue(number, out var place) && Row(place) is { IsPacked: true } row && row.Meter == number ? Unpack(place).Meters[0] : null;
    }

    /// <summary>The account as it stands, for a look; changing it changes nothing here. Null if there is none.</summary>
    public AccountState? PeekAccount(int number) =>
        _unpacked.TryGetValue(number, out var account) ? account
        : _places.TryGetValue(number, out var place) ? Peek(place)
        : null;

    /// <summary>The meter as it stands, for a look.</summary>
    public MeterState? PeekMeter(int number) =>
        _meters.TryGetValue(number, out var meter) ? meter
        : _meterPlaces.TryGetValue(number, out var place) && Row(place) is { IsPacked: true } row && row.Meter == number ? Peek(place).Meters[0]
        : null;

    /// <summary>Number of the account that a meter is on; 0 if it is on none here.</summary>
    public int AccountOf(int meter) =>
        _meters.TryGetValue(meter, out var state) ? state.Account?.Number ?? 0
        : _meterPlaces.TryGetValue(meter, out var place) && Row(place) is { IsPacked: true } row && row.Meter == meter ? row.Account
        : 0;

    public bool HasMeter(int number) =>
        _meters.ContainsKey(number) || (_meterPlaces.TryGetValue(number, out var place) && Row(place) is { IsPacked: true } row && row.Meter == number);

    public void Touch(AccountState account, long position)
    {
        account.Version = position;
        NoteChange(ref Row(account.Place), Page(account.Place));
        WantPacked(account);
    }

    /// <summary>A new account takes the next place.</summary>
    internal void Add(AccountState account)
    {
        account.Place = ++_lastPlace;
        account.Prices = Prices;
        var page = PageOf(account.Place);
        page.Rows[page.Count++].Account = account.Number;
        _places.Set(account.Number, account.Place);
        _unpacked.Add(account.Number, account);
        WantPacked(account);
    }

    /// <summary>A meter comes to this partition, or comes back to it.</summary>
    internal void Put(MeterState meter) => _meters[meter.Number] = meter;

    /// <summary>Puts a loaded meter in place; the times of one meter may come in any order.</summary>
    public void Load(MeterState meter)
    {
        if (!_meters.TryGetValue(meter.Number, out var latest) || latest.Assignment < meter.Assignment)
        {
            meter.Former = latest;
            _meters[meter.Number] = meter;
            return;
        }

        while (latest.Former is { } former && former.Assignment > meter.Assignment)
        {
            latest = former;
        }

        meter.Former = latest.Former;
        latest.Former = meter;
    }

    /// <summary>Packs what was worked on, where it is plain again. The owner calls it when a batch is folded.</summary>
    public void Pack()
    {
        foreach (var account in _toPack)
        {
            account.WantsPacking = false;
            var meter = account.Meters.Count == 1 ? account.Meters[0] : null;
            if (!packs || (meter is not null && _meters.GetValueOrDefault(meter.Number) != meter) || !RowPacking.TryPack(account, out var row, out var cold))
            {
                continue;
            }

            Page(account.Place).Put(account.Place % AccountPage.Size, row, cold);
            _unpacked.Remove(account.Number);
            if (meter is not null)
            {
                _meters.Remove(meter.Number);
                _meterPlaces.Set(meter.Number, account.Place);
            }
        }

        _toPack.Clear();
        Trim(_unpacked);
        Trim(_meters);
        _toPack.Capacity = Math.Min(_toPack.Capacity, RoomKept);
    }

    /// <summary>Gives back what a large batch made a table grow to.</summary>
    private static void Trim<T>(Dictionary<int, T> table)
    {
        if (table.EnsureCapacity(0) > RoomKept + (4 * table.Count))
        {
            table.TrimExcess();
        }
    }

    /// <summary>Accounts whose check is due at an instant, at most so many.</summary>
    public List<int> Due(long atMs, int max)
    {
        var due = new List<int>();
        foreach (var page in _pages)
        {
            for (var i = 0; i < page.Count && due.Count < max; i++)
            {
                ref var row = ref page.Rows[i];
                if ((row.IsPacked ? row.DueAtMs : _unpacked[row.Account].DueAtMs) <= atMs)
                {
                    due.Add(row.Account);
                }
            }
        }

        return due;
    }

    /// <summary>
    /// The earliest time that an account is to be checked, UTC ms; <see cref="long.MaxValue"/> is never. May be too early by what was checked since
    /// <see cref="FindNextDue"/>.
    /// </summary>
    public long NextDueMs { get; private set; } = long.MinValue;

    /// <summary>Brings an account's next check forward.</summary>
    internal void Schedule(AccountState account, long dueMs)
    {
        account.DueAtMs = Math.Min(account.DueAtMs, dueMs);
        NextDueMs = Math.Min(NextDueMs, dueMs);
    }

    /// <summary>Looks through all accounts for the earliest check.</summary>
    public long FindNextDue()
    {
        var next = long.MaxValue;
        foreach (var page in _pages)
        {
            foreach (ref var row in page.Rows.AsSpan(0, page.Count))
            {
                next = Math.Min(next, row.IsPacked ? row.DueAtMs : _unpacked[row.Account].DueAtMs);
            }
        }

        return NextDueMs = next;
    }

    /// <summary>Packed accounts that are looked at for what they need: some milliseconds. In the hour in which days close there are more.</summary>
    private const int LooksMax = 500;

    /// <summary>
    /// First position that days need which should be closed by now and are not, as they are being filled; <see cref="Position"/> where there are none. Of
    /// other open days no reading is older than <see cref="Limits.DayOpenMaxMs"/>, since none comes before its time: a meter that reports every day always
    /// has some, and how long ago its first reading came says nothing. 0, so that nothing is cut, while more accounts are due for a check than are looked at.
    /// </summary>
    public long OldestNeeded(long nowMs)
    {
        var oldest = Position;
        var looks = 0;
        foreach (var page in _pages)
        {
            foreach (ref var row in page.Rows.AsSpan(0, page.Count))
            {
                if (row.IsPacked)
                {
                    // Its check is never later than the close, but where a day is being filled: then it comes when no more does.
                    if (row.FirstPosition != 0 && row.FirstPosition < oldest && row.DueAtMs <= nowMs + Limits.IdleBeforeCloseMs)
                    {
                        if (++looks > LooksMax)
                        {
                            return 0;
                        }

                        oldest = Math.Min(oldest, CheckTimes.OldestNeeded(PeekAccount(row.Account)!, nowMs));
                    }

                    continue;
                }

                oldest = Math.Min(oldest, CheckTimes.OldestNeeded(_unpacked[row.Account], nowMs));
            }
        }

        return oldest;
    }

    /// <summary>The packed row that a meter's next plain reading belongs to; a null reference if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref PackedAccount FindPacked(int meter, out AccountPage page)
    {
        if (_meterPlaces.TryGetValue(meter, out var place))
        {
            page = CollectionsMarshal.AsSpan(_pages)[(int)((uint)place / AccountPage.Size)];
            ref var row = ref page.Rows[(int)((uint)place % AccountPage.Size)];
            if (row.IsPacked && row.Meter == meter)
            {
                return ref row;
            }
        }

        page = null!;
        return ref Unsafe.NullRef<PackedAccount>();
    }

    /// <summary>A row's page is to be written, and whoever watches the account is to hear of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void NoteChange(ref PackedAccount row, AccountPage page)
    {
        if (!page.Dirty)
        {
            page.Dirty = true;
            _dirtyPages.Add(page);
        }

        if (row.IsWatched)
        {
            row.IsWatched = false;
            _changed.Add(row.Account);
        }
    }

    /// <summary>The next change of an account is noted, once. What changes between two calls of <see cref="TakeChanged"/> is noted once, too.</summary>
    public void Watch(int account)
    {
        if (_places.TryGetValue(account, out var place))
        {
            Row(place).IsWatched = true;
        }
    }

    /// <summary>Numbers of the watched accounts that have changed since the last call; each must be watched again. Null is none.</summary>
    public List<int>? TakeChanged()
    {
        if (_changed.Count == 0)
        {
            return null;
        }

        (var changed, _changed) = (_changed, []);
        return changed;
    }

    /// <summary>A copy of the row at a place, from 0.</summary>
    internal PackedAccount RowAt(int place) => Row(place);

    private AccountPage Page(int place) => _pages[place / AccountPage.Size];

    private ref PackedAccount Row(int place) => ref Page(place).Rows[place % AccountPage.Size];

    private AccountState Peek(int place)
    {
        var account = RowPacking.Unpack(Row(place), Page(place).BytesOf(Row(place)), tariffs);
        account.Prices = Prices;
        return account;
    }

    private AccountPage PageOf(int place)
    {
        while (_pages.Count <= place / AccountPage.Size)
        {
            _pages.Add(new AccountPage(_pages.Count));
        }

        return _pages[place / AccountPage.Size];
    }

    private AccountState Unpack(int place)
    {
        var account = Peek(place);
        account.Place = place;
        Row(place).IsPacked = false;
        _unpacked.Add(account.Number, account);
        foreach (var meter in account.Meters)
        {
            _meters.Add(meter.Number, meter);
        }

        WantPacked(account);
        return account;
    }

    private void WantPacked(AccountState account)
    {
        if (!account.WantsPacking)
        {
            account.WantsPacking = true;
            _toPack.Add(account);
        }
    }
}
