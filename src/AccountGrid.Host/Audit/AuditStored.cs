using System.Text.Json;
using AccountGrid.Domain.Rating;
using AccountGrid.Host.Rating;
using Npgsql;

namespace AccountGrid.Host.Audit;

/// <summary>Stored versions, joined to products as the fold has them: what stored states and a log that is folded again need.</summary>
internal sealed class AuditStored
{
    public const string Sql = "select number, definition::text, known_ms, withdrawn_ms from tariff";

    private readonly Dictionary<int, Tariff> _tariffs = [];
    private readonly Dictionary<string, TariffProduct> _products = [];

    /// <summary>Price series that the versions follow.</summary>
    public PriceBook Book { get; } = new();

    public Tariff this[int number] => _tariffs[number];

    /// <summary>A row of <see cref="Sql"/>.</summary>
    public static (int Number, TariffDefinition Definition, long KnownMs, long? WithdrawnMs) Read(NpgsqlDataReader reader) => (
        reader.GetInt32(0), JsonSerializer.Deserialize<TariffDefinition>(reader.GetString(1), TariffCatalog.Json)!, reader.GetInt64(2),
        reader.GetValue(3) as long?);

    /// <param name="defects">A version that cannot be used is added to them, and left out.</param>
    public void Add(int number, TariffDefinition definition, long knownMs, long? withdrawnMs, List<string> defects)
    {
        var (tariff, refusal) = TariffCompiler.Compile(number, definition, Book);
        if (tariff is null)
        {
            defects.Add($"stored tariff {number} cannot be used: {refusal!.Detail}");
            return;
        }

        _tariffs[number] = tariff;
        tariff.Join(_products.TryGetValue(definition.Id, out var product) ? product : _products[definition.Id] = new(), knownMs);
        if (withdrawnMs is { } withdrawn)
        {
            tariff.Product.Withdraw(tariff, withdrawn);
        }
    }
}
