namespace AccountGrid.Domain.Readings;

/// <param name="Day">The local day.</param>
/// <param name="Weights">Its use by hour, <see cref="LoadShape.WeightsOf"/>.</param>
public sealed record DayWeights(int Day, byte[] Weights);
