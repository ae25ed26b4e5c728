"""The recurrent encoder against its recurrence written out, and what it looks at."""

import torch
from torch import Tensor, nn

from spotting.recurrent import RecurrentEncoder


def one_way(gru: nn.GRU, x_TD: Tensor, suffix: str) -> Tensor:
    """A GRU's states by its equations, one frame after the other."""
    into, across = getattr(gru, f"weight_ih_l0{suffix}"), getattr(gru, f"weight_hh_l0{suffix}")
    into_bias, across_bias = getattr(gru, f"bias_ih_l0{suffix}"), getattr(gru, f"bias_hh_l0{suffix}")
    state, states = torch.zeros(x_TD.shape[1]), []
    for frame in x_TD:
        reset_in, update_in, new_in = (into @ frame + into_bias).chunk(3)
        reset_on, update_on, new_on = (across @ state + across_bias).chunk(3)
        update = torch.sigmoid(update_in + update_on)
        new = torch.tanh(new_in + torch.sigmoid(reset_in + reset_on) * new_on)
        state = (1 - update) * new + update * state
        states.append(state)
    return torch.stack(states)


def test_states_are_those_of_the_recurrence_read_both_ways() -> None:
    torch.manual_seed(0)
    encoder = RecurrentEncoder(1, 6, 0.3).eval()
    x_TD = torch.randn(9, 6)
    backwards = one_way(encoder.gru, x_TD.flip(0), "_reverse").flip(0)
    expected = torch.cat((one_way(encoder.gru, x_TD, ""), backwards), dim=1)
    assert torch.allclose(encoder(x_TD[None])[0], expected, atol=1e-6)
