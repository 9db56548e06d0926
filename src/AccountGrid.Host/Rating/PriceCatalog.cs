using System.Text.Json;
using AccountGrid.Domain;
using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Database;
using Npgsql;

namespace AccountGrid.Host.Rating;

/// <summary>Price series with their publications, which never change: what was read once is kept.</summary>
public sealed class PriceCatalog
{
    private readonly NpgsqlDataSource _database;
    private readonly SemaphoreSlim _loading = new(1, 1);
    private readonly List<int> _firstDays = [];
    private int _latest;

    public PriceCatalog(NpgsqlDataSource database)
    {
        _database = database;
        Book = new PriceBook(Ensure);
    }

    public PriceBook Book { get; }

    /// <summary>Number of the latest publication that this process has read; 0 is none.</summary>
    public int Latest => Volatile.Read(ref _latest);

    /// <summary>What a log that names publications up to one must name beside it; null is nothing.</summary>
    public UsePrices? After(int through)
    {
        lock (_firstDays)
        {
            return Latest > through ? new(Latest, _firstDays.Skip(through).Min()) : null;
        }
    }

    /// <summary>Reads series and publications that are not known yet.</summary>
    public async Task LoadAsync(CancellationToken cancel = default)
    {
        await _loading.WaitAsync(cancel);
        try
        {
            await using var connection = await _database.OpenConnectionAsync(cancel);
            await ReadAsync(connection, Book, Latest, Take, cancel);
        }
        finally
        {
            _loading.Release();
        }
    }

    /// <summary>Adds series, and publications behind a number, to a book.</summary>
    /// <param name="take">Gets the number of each publication that was added, and its first local day.</param>
    internal static async Task ReadAsync(NpgsqlConnection connection, PriceBook book, int after, Action<int, int> take, CancellationToken cancel = default)
    {
        // Publications first: the series of each of them is there by then.
        var publications = new List<(int Number, string Series, DateOnly[] Days, short[] Intervals, long[] Micro)>();
        await using (var command = new NpgsqlCommand(
            "select number, series, days, intervals, prices_micro from price_publication where number > $1 order by number", connection))
        {
            Statements.Add(command, after);
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                publications.Add((
                    reader.GetInt32(0), reader.GetString(1), reader.GetFieldValue<DateOnly[]>(2), (short[])reader[3], (long[])reader[4]));
            }
        }

        await using (var command = new NpgsqlCommand("select definition::text from price_series", connection))
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
            {
                book.Add(JsonSerializer.Deserialize<PriceSeriesDefinition>(reader.GetString(0), TariffCatalog.Json)!);
            }
        }

        foreach (var (number, series, days, intervals, micro) in publications)
        {
            book.Find(series)!.Add(number, [.. days.Select((d, i) => new PublishedPrice(d.DayNumber, intervals[i], micro[i]))]);
            take(number, days.Min().DayNumber);
        }
    }

    private void Take(int number, int firstDay)
    {
        lock (_firstDays)
        {
            Invariant.Holds(number == _firstDays.Count + 1, $"Publication {number} of prices follows publication {_firstDays.Count}.");
            _firstDays.Add(firstDay);
            Volatile.Write(ref _latest, number);
        }
    }

    /// <summary>
    /// What another silo published a moment ago is read first, so that what is folded does not depend on when this one hears of it. Throws
    /// <see cref="CatalogUnavailableException"/> where the database does not answer.
    /// </summary>
    private void Ensure(int through)
    {
        if (through <= Latest)
        {
            return;
        }

        try
        {
            // Off this scheduler: the fold waits.
            Task.Run(() => LoadAsync()).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not InvariantBrokenException)
        {
            throw new CatalogUnavailableException("The prices of series", e);
        }

        Invariant.Holds(through == int.MaxValue || through <= Latest, $"There is no publication {through} of prices; the latest is {Latest}.");
    }
}
